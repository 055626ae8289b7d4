set local role shop_owner;

drop table product.prices;
drop table product.variants;
drop table product.products;
drop table product.categories;
