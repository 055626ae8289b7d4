-- case: a rating counts a review that is hidden
update product.product_reviews set status = 'hidden';
